// Sends a large PDF in parts, three at once: BASE_URL=… TOKEN=… go run parts.go film.pdf
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

const tries, atOnce = 4, 3

var base, token = os.Getenv("BASE_URL"), os.Getenv("TOKEN")
var client = http.Client{Timeout: 5 * time.Minute}

type signed struct {
	Method, URL string
	Headers     map[string]string
	Size        int64
}

type plan struct {
	Ticket              string
	PartSize, PartCount int64
	Initiate            signed
}

type begun struct {
	Parts           []signed
	Complete, Abort signed
}

type object = map[string]any

func main() {
	log.SetFlags(0)
	status, answer, err := upload(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if status == 200 {
		fmt.Println("proven:", string(answer))
	} else {
		fmt.Println("stored, not proven:", string(answer))
	}
}

func upload(path string) (int, []byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, nil, err
	}
	var plan plan
	if err := sign(object{"rule": "documents", "operation": "multipart", "filename": filepath.Base(path),
		"contentType": "application/pdf", "contentLength": info.Size()}, &plan); err != nil {
		return 0, nil, err
	}
	_, answer, err := send(plan.Initiate, nil)
	if err != nil {
		return 0, nil, err
	}
	found := regexp.MustCompile(`<UploadId>([^<]+)`).FindSubmatch(answer)
	if found == nil {
		return 0, nil, errors.New("OSS answered without an UploadId")
	}
	signParts := func(number int64) (urls begun, err error) {
		return urls, sign(object{"operation": "multipart-parts", "ticket": plan.Ticket,
			"uploadId": string(found[1]), "partNumbers": []int64{number}}, &urls)
	}
	failed := sendParts(path, plan, signParts)
	urls, err := signParts(1)
	if err == nil && failed == nil {
		return send(urls.Complete, nil)
	}
	if err == nil {
		_, _, err = send(urls.Abort, nil)
	}
	if err != nil {
		return 0, nil, fmt.Errorf("%v; the parts are still stored: %w", failed, err)
	}
	return 0, nil, failed
}

// Sends all parts and returns the first error of any.
func sendParts(path string, plan plan, signParts func(int64) (begun, error)) error {
	numbers, results := make(chan int64), make(chan error)
	for i := 0; i < atOnce; i++ {
		go func() {
			for number := range numbers {
				results <- sendPart(path, (number-1)*plan.PartSize, func() (begun, error) { return signParts(number) })
			}
		}()
	}
	go func() {
		defer close(numbers)
		for number := int64(1); number <= plan.PartCount; number++ {
			numbers <- number
		}
	}()
	var failed error
	for i := int64(0); i < plan.PartCount; i++ {
		if err := <-results; failed == nil {
			failed = err
		}
	}
	return failed
}

// Sends one part, with a fresh URL for each try, so that none expires while it waits.
func sendPart(path string, offset int64, signPart func() (begun, error)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for attempt := 0; ; attempt++ {
		urls, err := signPart()
		if err == nil {
			part := urls.Parts[0]
			_, _, err = send(part, io.NewSectionReader(file, offset, part.Size))
		}
		if err == nil || attempt == tries-1 {
			return err
		}
		time.Sleep(time.Second / 2 << attempt)
	}
}

func sign(request object, answer any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	headers := map[string]string{"authorization": "Bearer " + token}
	signing := signed{Method: "POST", URL: base + "/signed-url", Headers: headers, Size: int64(len(body))}
	_, text, err := send(signing, bytes.NewReader(body))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

// Sends a body of the signed size; a status from 300 on is an error.
func send(signed signed, body io.Reader) (int, []byte, error) {
	request, err := http.NewRequest(signed.Method, signed.URL, body)
	if err != nil {
		return 0, nil, err
	}
	request.ContentLength = signed.Size
	for name, value := range signed.Headers {
		request.Header.Set(name, value)
	}
	answer, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 300 {
		err = fmt.Errorf("%s %s", answer.Status, text)
	}
	return answer.StatusCode, text, err
}
