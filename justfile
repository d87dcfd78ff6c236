# Every command of this repository. Each is scripts/<name>.ts and an npm script as well.
# On Windows just needs an sh, such as the one that comes with Git.

set positional-arguments

# lists every command
[default]
[no-exit-message]
list *_:
    @exec node scripts/run.mjs list "$@"

# runs a step: just example 6
[no-exit-message]
example *N:
    @exec node scripts/run.mjs example "$@"

# shows what changes from one step to another: just diff 6 7
[no-exit-message]
diff *A_B:
    @exec node scripts/run.mjs diff "$@"

# connects to a server: what you type is sent, what comes is shown
[no-exit-message]
telnet *ADDRESS:
    @exec node scripts/run.mjs telnet "$@"

# opens a full-screen client: rooms and users beside the talk
[no-exit-message]
chat *ADDRESS:
    @exec node scripts/run.mjs chat "$@"

# runs the finished chat, as one would for friends
[no-exit-message]
server *OPTIONS:
    @exec node scripts/run.mjs server "$@"

# holds a server of yours, in any language, against a step
[no-cd]
[no-exit-message]
check *N:
    @exec node "{{justfile_directory()}}/scripts/run.mjs" check "$@"

# shows what differs between a file of yours and a step
[no-cd]
[no-exit-message]
compare *FILE_N:
    @exec node "{{justfile_directory()}}/scripts/run.mjs" compare "$@"

# fills a chat with talkers, travellers between rooms, and a crowd
[no-exit-message]
bots *ADDRESS:
    @exec node scripts/run.mjs bots "$@"

# puts servers under load and says what each delivers: just bench 16 17
[no-cd]
[no-exit-message]
bench *A_B:
    @exec node "{{justfile_directory()}}/scripts/run.mjs" bench "$@"

# runs all tests, or those of one step
[no-exit-message]
test *N:
    @exec node scripts/run.mjs test "$@"

# does all that must be right before a commit: format, lint, types, tests
[no-exit-message]
ok *_:
    @exec node scripts/run.mjs ok "$@"

# carries an edit of a step through all later ones
[no-exit-message]
propagate *N:
    @exec node scripts/run.mjs propagate "$@"

# writes the tables of steps into README.md and examples/README.md
[no-exit-message]
tables *_:
    @exec node scripts/run.mjs tables "$@"

# builds the site and serves it while you write; docs build, docs check, docs update
[no-exit-message]
docs *COMMAND:
    @exec node scripts/run.mjs docs "$@"
