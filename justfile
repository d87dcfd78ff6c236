# Every command of this repository. Each is scripts/<name>.ts and an npm script as well.
# On Windows just needs an sh, such as the one that comes with Git.

set positional-arguments

# lists every command
[default]
list:
    @node scripts/run.mjs list

# runs a step: just example 6
example *N:
    @node scripts/run.mjs example "$@"

# shows what changes from one step to another: just diff 6 7
diff *A_B:
    @node scripts/run.mjs diff "$@"

# connects to a server: what you type is sent, what comes is shown
telnet *ADDRESS:
    @node scripts/run.mjs telnet "$@"

# runs the finished chat, as one would for friends
server *OPTIONS:
    @node scripts/run.mjs server "$@"

# holds a server of yours, in any language, against a step
[no-cd]
check *N:
    @node "{{justfile_directory()}}/scripts/run.mjs" check "$@"

# shows what differs between a file of yours and a step
[no-cd]
compare *FILE_N:
    @node "{{justfile_directory()}}/scripts/run.mjs" compare "$@"

# runs all tests, or those of one step
test *N:
    @node scripts/run.mjs test "$@"

# does all that must be right before a commit: format, lint, types, tests
ok:
    @node scripts/run.mjs ok

# carries an edit of a step through all later ones
propagate *N:
    @node scripts/run.mjs propagate "$@"

# writes the tables of steps into README.md and examples/README.md
tables:
    @node scripts/run.mjs tables
