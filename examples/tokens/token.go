package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"
)

var encode = base64.RawURLEncoding.EncodeToString

// Mints a token of 15 minutes for this user, with claims that your rules ask for.
func mintToken(sub string, claims map[string]any) (string, error) {
	now, id := time.Now().Unix(), make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return "", err
	}
	payload := map[string]any{}
	for name, value := range claims {
		payload[name] = value
	}
	payload["iss"], payload["aud"], payload["sub"] = os.Getenv("AUTH_ISSUER"), os.Getenv("AUTH_AUDIENCE"), sub
	payload["iat"], payload["exp"], payload["jti"] = now, now+900, encode(id)
	json, err := json.Marshal(payload)
	text := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(json)
	mac := hmac.New(sha256.New, []byte(os.Getenv("AUTH_SECRET")))
	mac.Write([]byte(text))
	return text + "." + encode(mac.Sum(nil)), err
}

func main() {
	token, err := mintToken(os.Args[1], map[string]any{"plan": "pro"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token)
}
