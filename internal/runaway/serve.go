package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"syscall"
	"time"
)

// server is a `wasl serve` that runs.
type server struct {
	cmd *exec.Cmd
	url string
}

var address = regexp.MustCompile(`http://\S+`)

func serve(wasl string) (*server, error) {
	cmd := exec.Command(wasl, "serve", "--listen", "127.0.0.1:0")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(stderr)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("%s serve says nothing of where: %w", wasl, err)
		}
		if url := address.FindString(line); url != "" {
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			return &server{cmd, url}, nil
		}
	}
}

// end tells the server to end and gives how long that took and the most memory
// that it had.
func (s *server) end() (time.Duration, int64) {
	start := time.Now()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
	return time.Since(start), peak(s.cmd.ProcessState)
}

// call asks for an operation of the API.
func (s *server) call(operation string, in any, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", operation, text)
	}
	return json.Unmarshal(text, out)
}

func (s *server) create(name, kind, definition string) (string, error) {
	var made struct {
		ARN string `json:"stateMachineArn"`
	}
	err := s.call("CreateStateMachine", map[string]string{
		"name": name, "type": kind, "definition": definition, "roleArn": "arn:aws:iam::000000000000:role/r",
	}, &made)
	return made.ARN, err
}

// quiet is the execution that behaves.
const quiet = `{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% {'sum': $sum([1..10])} %}","End":true}}}`

// loop calls the execution that behaves one after the other, until it has done
// so often enough or is told that it is over, and gives the times.
func (s *server) loop(arn string, calls int, over <-chan time.Duration) (times []time.Duration, took time.Duration, err error) {
	for len(times) < calls {
		select {
		case took = <-over:
			return times, took, nil
		default:
		}
		start := time.Now()
		var result struct{ Status string }
		if err := s.call("StartSyncExecution", map[string]string{"stateMachineArn": arn}, &result); err != nil {
			return nil, 0, err
		}
		if result.Status != "SUCCEEDED" {
			return nil, 0, fmt.Errorf("the execution that behaves: %s", result.Status)
		}
		times = append(times, time.Since(start))
	}
	if over != nil {
		took = <-over
	}
	return times, took, nil
}

// fewest is how many calls beside an expression say something.
const fewest = 100

// inServe calls an execution that behaves in a closed loop, alone and beside
// each of the expressions, and gives how many were worse than they may be.
func inServe(wasl string, expressions []string, calls int) (bad int, err error) {
	s, err := serve(wasl)
	if err != nil {
		return 0, err
	}
	defer func() {
		took, memory := s.end()
		fmt.Printf("the server: %d MiB at most, ended in %.2f s\n", memory, took.Seconds())
		if memory > mostMemory || took > mostTime {
			bad++
		}
	}()
	arn, err := s.create("quiet", "EXPRESS", quiet)
	if err != nil {
		return 0, err
	}
	if _, _, err := s.loop(arn, calls, nil); err != nil { // warm
		return 0, err
	}
	times, _, err := s.loop(arn, calls, nil)
	if err != nil {
		return 0, err
	}
	alone := median(times)
	fmt.Printf("wasl serve: median of %d calls alone: %v\n%8s %6s %10s %6s  %s\n", calls, alone.Round(time.Microsecond), "time", "calls", "median", "times", "beside")
	var all []time.Duration
	for i, e := range expressions {
		over := make(chan time.Duration, 1)
		go func() { over <- s.runaway(i, e) }()
		beside, took, err := s.loop(arn, calls, over)
		if err != nil {
			return 0, err
		}
		all = append(all, beside...)
		if len(beside) < fewest && took <= mostTime {
			continue
		}
		m := median(beside)
		ratio := float64(m) / float64(alone)
		mark := ""
		if ratio > mostSlower || took > mostTime {
			bad++
			mark = "  TOO MUCH"
		}
		fmt.Printf("%7.2fs %6d %10v %6.2f  %s%s\n", took.Seconds(), len(beside), m.Round(time.Microsecond), ratio, short(e), mark)
	}
	m := median(all)
	fmt.Printf("median of %d calls beside all of them: %v, %.2f times; %d too much\n", len(all), m.Round(time.Microsecond), float64(m)/float64(alone), bad)
	return bad, nil
}

// runaway runs an expression and gives how long that took.
func (s *server) runaway(i int, expression string) time.Duration {
	arn, err := s.create(fmt.Sprintf("runaway%d", i), "EXPRESS", definition(expression))
	if err != nil {
		return 0 // the definition is refused
	}
	start := time.Now()
	var result struct{ Status string }
	if err := s.call("StartSyncExecution", map[string]string{"stateMachineArn": arn}, &result); err != nil {
		fmt.Println(err)
	}
	return time.Since(start)
}
