package teststate

import (
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Answer gives a result in the form of the API's answer. Data are JSON texts;
// inspectionData is there when it is asked for (DEBUG and TRACE; not INFO).
func Answer(r *interp.SingleResult, inspect bool) jsonvalue.Value {
	b := jsonvalue.NewObject(6)
	setText(b, "output", r.Output)
	if r.Error != nil {
		b.Set("error", jsonvalue.StringOf(*r.Error))
	}
	if r.Cause != nil {
		b.Set("cause", jsonvalue.StringOf(*r.Cause))
	}
	if inspect {
		b.Set("inspectionData", inspectionData(&r.Inspection))
	}
	if r.Next != "" {
		b.Set("nextState", jsonvalue.StringOf(r.Next))
	}
	b.Set("status", jsonvalue.StringOf(string(r.Status)))
	return b.Value()
}

func setText(b jsonvalue.ObjectBuilder, key string, v jsonvalue.Value) {
	if v.IsValid() {
		b.Set(key, jsonvalue.StringOf(v.String()))
	}
}

func inspectionData(i *interp.Inspection) jsonvalue.Value {
	b := jsonvalue.NewObject(8)
	setText(b, "input", i.Input)
	setText(b, "afterInputPath", i.AfterInputPath)
	setText(b, "afterParameters", i.AfterParameters)
	setText(b, "afterArguments", i.AfterArguments)
	setText(b, "afterItemsPath", i.AfterItemsPath)
	setText(b, "afterItemsPointer", i.AfterItemsPointer)
	setText(b, "afterItemSelector", i.AfterItemSelector)
	setText(b, "afterItemBatcher", i.AfterItemBatcher)
	setText(b, "result", i.Result)
	setText(b, "afterResultSelector", i.AfterResultSelector)
	setText(b, "afterResultPath", i.AfterResultPath)
	setText(b, "variables", i.Variables)
	if i.MaxConcurrency != nil {
		b.Set("maxConcurrency", jsonvalue.IntOf(*i.MaxConcurrency))
	}
	if i.ToleratedCount != nil {
		b.Set("toleratedFailureCount", jsonvalue.IntOf(*i.ToleratedCount))
	}
	if i.ToleratedPercentage != nil {
		b.Set("toleratedFailurePercentage", jsonvalue.FloatOf(*i.ToleratedPercentage))
	}
	d := jsonvalue.NewObject(2)
	if i.CatchIndex != nil {
		d.Set("catchIndex", jsonvalue.IntOf(int64(*i.CatchIndex)))
	}
	if i.RetryIndex != nil {
		d.Set("retryIndex", jsonvalue.IntOf(int64(*i.RetryIndex)))
		// Whole seconds: the model has an integer, which clients insist on.
		d.Set("retryBackoffIntervalSeconds", jsonvalue.IntOf(int64(*i.RetryBackoff)))
	}
	if i.CatchIndex != nil || i.RetryIndex != nil {
		b.Set("errorDetails", d.Value())
	}
	return b.Value()
}
