package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

// completionScripts ask the program itself what may come next. Where it has no
// answer the shell offers files.
var completionScripts = map[string]string{
	"bash": `_wasl() {
  local IFS=$'\n'
  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _wasl wasl
`,
	"zsh": `#compdef wasl
_wasl() {
  local -a candidates
  candidates=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("${(@)candidates:#}")
  if (( $#candidates )); then compadd -- $candidates; else _files; fi
}
compdef _wasl wasl
`,
	"fish": `complete -c wasl -a '(set -l words (commandline -opc) (commandline -ct); $words[1] complete -- $words[2..] 2>/dev/null)'
`,
}

func completionCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a script that completes wasl's arguments in a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: "bash: source <(wasl completion bash)\n" +
			"zsh:  source <(wasl completion zsh)\n" +
			"fish: wasl completion fish | source",
		Action: func(c *cli.Context) error {
			script, ok := completionScripts[c.Args().First()]
			if !ok || c.NArg() != 1 {
				return usage("completion: name the shell: bash, zsh or fish")
			}
			_, err := fmt.Fprint(std.out, script)
			return err
		},
	}
}

// completeCommand is what the scripts call, with the words so far; the last one
// is being written.
func completeCommand(std streams) *cli.Command {
	return &cli.Command{
		Name: "complete", Hidden: true,
		Action: func(c *cli.Context) error {
			for _, word := range candidates(c.App, c.Args().Slice()) {
				if _, err := fmt.Fprintln(std.out, word); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// candidates are the words that can stand where the last one of the given is
// being written. None where a file or a value is wanted.
func candidates(app *cli.App, words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	s := sorter{flags: app.Flags, commands: app.Commands}
	last := len(words) - 1
	for i := 0; i < last; i++ {
		switch word := words[i]; {
		case len(word) > 1 && word[0] == '-':
			if s.wantsValue(word) {
				if i++; i >= last {
					return nil
				}
			}
		default:
			s.word(word)
		}
	}
	var all []string
	offer := func(word string) {
		if strings.HasPrefix(word, words[last]) {
			all = append(all, word)
		}
	}
	if strings.HasPrefix(words[last], "-") {
		for _, f := range s.flags {
			if name := f.Names()[0]; name != "help" {
				offer("--" + name)
			}
		}
		offer("--help")
		return all
	}
	if len(s.positional) == 0 {
		for _, c := range s.commands {
			if !c.Hidden {
				offer(c.Name)
			}
		}
	}
	return all
}
