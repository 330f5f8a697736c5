package cli

import (
	"bytes"
	"errors"
	"log/slog"
	"testing"
)

func TestConsoleRedrawsTheLineOfProgress(t *testing.T) {
	var w bytes.Buffer
	c := newConsole(&w)
	c.terminal = true
	c.Live("1s")
	c.Live("1s") // nothing new
	c.Line("a message")
	c.Live("2s")
	c.Live("")
	c.Line("the end")
	want := clearLine + "1s" + clearLine + "a message\n1s" + clearLine + "2s" + clearLine + "the end\n"
	if w.String() != want {
		t.Errorf("got %q\nwant %q", w.String(), want)
	}
}

func TestConsoleElsewhereWritesLines(t *testing.T) {
	var w bytes.Buffer
	c := newConsole(&w)
	c.Live("10s")
	c.Line("a message")
	c.Live("")
	if w.String() != "10s\na message\n" {
		t.Errorf("%q", w.String())
	}
}

func TestConsoleLogger(t *testing.T) {
	var w bytes.Buffer
	log := newConsole(&w).Logger(slog.LevelInfo)
	log.Debug("unseen")
	log.Info("hello", "module", "m", "task", "arn:x:y/State#1", "stream", "stderr")
	log.With("action", "Fly").Error("request failed", "error", errors.New("no wings"))
	want := "State#1: hello\nERROR: request failed action=\"Fly\" error=\"no wings\"\n"
	if w.String() != want {
		t.Errorf("got %q\nwant %q", w.String(), want)
	}
}
