package wasl

import (
	"encoding/json"
	"time"
)

// Context is what the task's state sees as $$ in the States Language.
type Context struct {
	Execution struct {
		ID        string `json:"Id"`
		Name      string
		Input     json.RawMessage
		RoleARN   string `json:"RoleArn"`
		StartTime time.Time
	}
	State struct {
		Name        string
		EnteredTime time.Time
		RetryCount  int
	}
	StateMachine struct {
		ID   string `json:"Id"`
		Name string
	}
	// Map is nil outside of a Map state.
	Map *struct {
		Item struct {
			Index int
			Value json.RawMessage
		}
	}
	// Task is nil unless the state waits for a task token.
	Task *struct{ Token string }
}

// TaskContext gives the running task's context.
func TaskContext() (Context, error) {
	var c Context
	text, err := sized("context", 2<<10, func(buf []byte) int64 { return int64(taskContext(buf)) })
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	return c, err
}
