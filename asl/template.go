package asl

import (
	"path"
	"strings"
)

// templateOf says what a file is that has definitions in it and is none: "" if
// it is nothing of that kind. text gives a top-level member that is a text, and
// whether there is such a member at all.
func templateOf(content string, text func(key string) (string, bool)) string {
	has := func(key string) bool {
		_, ok := text(key)
		return ok
	}
	if has("States") || has("StartAt") {
		return ""
	}
	switch transform, _ := text("Transform"); {
	case strings.HasPrefix(transform, "AWS::Serverless"):
		return "an AWS SAM template"
	case has("Resources") && (strings.Contains(content, `"aws:cdk:`) || strings.Contains(content, "AWS::CDK::Metadata")):
		return "a CloudFormation template that AWS CDK made"
	case has("AWSTemplateFormatVersion"), has("Resources"):
		return "a CloudFormation template"
	case has("stepFunctions"), has("service") && (has("provider") || has("functions")):
		return "a serverless.yml"
	}
	return ""
}

// isTerraform tells whether a text is HCL with resources; it is no YAML, so
// nobody has looked into it.
func isTerraform(name, content string) bool {
	return strings.EqualFold(path.Ext(name), ".tf") || strings.Contains(content, `resource "aws_sfn_state_machine"`)
}

// templateMistake is the diagnostic for such a file.
func templateMistake(what string) *Diagnostic {
	return &Diagnostic{
		Code: NotADefinition, Line: 1, Column: 1,
		Message: "This is " + what + ", not the definition of a state machine",
		Hint: "give the definition itself: the file that the template names (DefinitionUri, file, templatefile), " +
			"or the text or mapping in it (Definition, DefinitionString) in a file of its own; --set NAME=VALUE fills its ${NAME}s",
	}
}
