// Puts a PDF: BASE_URL=… TOKEN=… go run put.go report.pdf
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
)

var base, token = os.Getenv("BASE_URL"), os.Getenv("TOKEN")

type signed struct {
	Method, URL string
	Headers     map[string]string
}

func main() {
	log.SetFlags(0)
	file, err := os.Open(os.Args[1])
	check(err)
	info, err := file.Stat()
	check(err)

	request, err := json.Marshal(map[string]any{
		"rule": "documents", "operation": "put", "filename": filepath.Base(file.Name()),
		"contentType": "application/pdf", "contentLength": info.Size(),
	})
	check(err)
	headers := map[string]string{"authorization": "Bearer " + token}
	_, answer := send("POST", base+"/signed-url", headers, bytes.NewReader(request), int64(len(request)))
	var put signed
	check(json.Unmarshal(answer, &put))
	status, answer := send(put.Method, put.URL, put.Headers, file, info.Size())
	if status == 200 {
		fmt.Println("proven:", string(answer))
	} else {
		fmt.Println("stored, not proven:", string(answer))
	}
}

// Sends a body of this size, and ends the program for a status from 300 on.
func send(method, url string, headers map[string]string, body io.Reader, size int64) (int, []byte) {
	request, err := http.NewRequest(method, url, body)
	check(err)
	request.ContentLength = size
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	check(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	check(err)
	if answer.StatusCode >= 300 {
		log.Fatal(answer.Status, " ", string(text))
	}
	return answer.StatusCode, text
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
