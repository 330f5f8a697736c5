package runtime

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// MapRuns holds the Map Runs of Distributed Map states.
type MapRuns struct {
	engine *Engine
	mu     sync.Mutex
	byARN  map[string]*mapRun
	// byOwner has the runs of each execution in the order of their start.
	byOwner map[string][]*mapRun
}

// MapRunStatus is how a Map Run stands, with AWS's names.
type MapRunStatus string

// The statuses of a Map Run.
const (
	MapRunRunning   MapRunStatus = "RUNNING"
	MapRunSucceeded MapRunStatus = "SUCCEEDED"
	MapRunFailed    MapRunStatus = "FAILED"
	MapRunAborted   MapRunStatus = "ABORTED"
)

// Counts count a Map Run's items or child executions. With an ItemReader the
// total grows as items are read.
type Counts struct {
	Pending, Running, Succeeded, Failed, TimedOut, Aborted, Total, ResultsWritten int64
	FailuresNotRedrivable, PendingRedrive                                         int64
}

// MapRunSettings are what UpdateMapRun can change while a run goes on.
type MapRunSettings struct {
	MaxConcurrency      int64
	ToleratedCount      int64
	ToleratedPercentage float64
}

// MapRunInfo is what is known of a Map Run. It is a copy.
type MapRunInfo struct {
	ARN          string
	ExecutionARN string
	MachineARN   string // of the children: …:stateMachine:MACHINE/LABEL
	Status       MapRunStatus
	Started      time.Time
	Stopped      time.Time // zero while it runs
	MapRunSettings
	Items        Counts
	Executions   Counts
	RedriveCount int
}

// MapRunChange changes a run's settings; nil fields stay.
type MapRunChange struct {
	MaxConcurrency      *int64
	ToleratedCount      *int64
	ToleratedPercentage *float64
}

func newMapRuns(e *Engine) *MapRuns {
	return &MapRuns{engine: e, byARN: map[string]*mapRun{}, byOwner: map[string][]*mapRun{}}
}

func (m *MapRuns) add(r *mapRun) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byARN[r.arn] = r
	m.byOwner[r.owner.arn] = append(m.byOwner[r.owner.arn], r)
}

// count gives how many runs of an execution are on record.
func (m *MapRuns) count(executionARN string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.byOwner[executionARN])
}

// find gives a run, or nil.
func (m *MapRuns) find(arn string) *mapRun {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.byARN[arn]
}

// removeAll takes the runs of an execution off the record.
func (m *MapRuns) removeAll(executionARN string) []*mapRun {
	m.mu.Lock()
	defer m.mu.Unlock()
	runs := m.byOwner[executionARN]
	delete(m.byOwner, executionARN)
	for _, r := range runs {
		delete(m.byARN, r.arn)
	}
	return runs
}

// Describe gives a Map Run.
func (m *MapRuns) Describe(arn string) (MapRunInfo, error) {
	r := m.find(arn)
	if r == nil {
		return MapRunInfo{}, fmt.Errorf("%w: %s", ErrMapRunDoesNotExist, arn)
	}
	return r.describe(), nil
}

func (r *mapRun) describe() MapRunInfo {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.info
}

// List gives the Map Runs of an execution, the most recent first.
func (m *MapRuns) List(executionARN string) ([]MapRunInfo, error) {
	if _, err := m.engine.find(executionARN); err != nil {
		return nil, err
	}
	m.mu.Lock()
	runs := slices.Clone(m.byOwner[executionARN])
	m.mu.Unlock()
	list := make([]MapRunInfo, 0, len(runs))
	for _, r := range slices.Backward(runs) {
		list = append(list, r.describe())
	}
	return list, nil
}

// Update changes the settings of a run. They count from now on.
func (m *MapRuns) Update(arn string, c MapRunChange) error {
	r := m.find(arn)
	if r == nil {
		return fmt.Errorf("%w: %s", ErrMapRunDoesNotExist, arn)
	}
	r.mu.Lock()
	if c.MaxConcurrency != nil {
		r.info.MaxConcurrency = *c.MaxConcurrency
	}
	if c.ToleratedCount != nil {
		r.info.ToleratedCount = *c.ToleratedCount
	}
	if c.ToleratedPercentage != nil {
		r.info.ToleratedPercentage = *c.ToleratedPercentage
	}
	r.mu.Unlock()
	r.nudge()
	return nil
}
