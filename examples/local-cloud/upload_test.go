package upload

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func send(t *testing.T, method, url string, headers map[string]string, body []byte, answer any) {
	t.Helper()
	request, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		t.Fatal(response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		t.Fatal(err)
	}
}

func TestAnUploadIsProven(t *testing.T) {
	var caller struct{ Token string }
	body := `{"sub": "alice", "claims": {"plan": "pro"}}`
	send(t, "POST", cloud.Gateway+"/local/token", nil, []byte(body), &caller)

	var signed struct {
		Method, URL string
		Headers     map[string]string
	}
	body = `{"rule": "documents", "operation": "put", "filename": "a.pdf",
		"contentType": "application/pdf", "contentLength": 5}`
	headers := map[string]string{"authorization": "Bearer " + caller.Token}
	send(t, "POST", cloud.Gateway+"/signed-url", headers, []byte(body), &signed)

	var proven struct{ Status, Key string }
	send(t, signed.Method, signed.URL, signed.Headers, []byte("hello"), &proven)
	if proven.Status != "ok" || !strings.HasSuffix(proven.Key, "/alice/a.pdf") {
		t.Fatal(proven)
	}
}
