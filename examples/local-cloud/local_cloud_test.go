package upload

import (
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"testing"
)

var cloud struct{ Gateway, OSS, STS, Bucket, Region string }

// Starts the local cloud for all tests of the package, and stops it after the last.
func TestMain(m *testing.M) {
	os.Exit(withCloud(m.Run))
}

func withCloud(run func() int) int {
	command := exec.Command("node_modules/.bin/oss-direct", "local", "--port", "0", "--json", "--quiet")
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		log.Fatal(err)
	}
	defer command.Wait()
	defer command.Process.Signal(os.Interrupt)
	if err := json.NewDecoder(output).Decode(&cloud); err != nil {
		log.Print("the local cloud did not start: ", err)
		return 1
	}
	return run()
}
