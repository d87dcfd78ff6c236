# Every command of this repository. Each is scripts/commands/<name>.ts, and an npm script too.
# On Windows just needs an sh, such as the one that comes with Git.

set positional-arguments

# lists all commands; with steps, all steps
[no-exit-message]
list *WHAT:
    @exec node scripts/run.mjs list "$@"

# runs a step, a solution, an aside, or your own file
[no-exit-message]
example *N:
    @exec node scripts/run.mjs example "$@"

# shows what changes from one step to another
[no-exit-message]
diff *A_B:
    @exec node scripts/run.mjs diff "$@"

# connects to a server: sends what you type, shows the answers
[no-exit-message]
telnet *ADDRESS:
    @exec node scripts/run.mjs telnet "$@"

# opens a full-screen client: rooms, users and messages
[no-exit-message]
chat *ADDRESS:
    @exec node scripts/run.mjs chat "$@"

# runs the finished chat, as you would for friends
[no-exit-message]
server *OPTIONS:
    @exec node scripts/run.mjs server "$@"

# checks your server, in any language, against a step
[no-cd]
[no-exit-message]
check *N:
    @exec node "{{justfile_directory()}}/scripts/run.mjs" check "$@"

# runs a step with many seeds: delays, stalls and resets
[no-cd]
[no-exit-message]
simulate *N:
    @exec node "{{justfile_directory()}}/scripts/run.mjs" simulate "$@"

# shows what differs between a file of yours and a step
[no-cd]
[no-exit-message]
compare *FILE_N:
    @exec node "{{justfile_directory()}}/scripts/run.mjs" compare "$@"

# shows in which step a line first appears, and why
[no-exit-message]
why *LINE:
    @exec node scripts/run.mjs why "$@"

# fills a chat with talkers, travellers and a crowd
[no-exit-message]
bots *ADDRESS:
    @exec node scripts/run.mjs bots "$@"

# breaks a chat of two servers by keys; shows what users see
[no-exit-message]
faults *N:
    @exec node scripts/run.mjs faults "$@"

# puts servers under load and reports what each delivers
[no-cd]
[no-exit-message]
bench *A_B:
    @exec node "{{justfile_directory()}}/scripts/run.mjs" bench "$@"

# attacks a chat, and shows what others see
[no-exit-message]
attack *STEP:
    @exec node scripts/run.mjs attack "$@"

# runs all tests, or those of one step
[no-exit-message]
test *N:
    @exec node scripts/run.mjs test "$@"

# checks everything before a commit
[group('authors')]
[no-exit-message]
ok *_:
    @exec node scripts/run.mjs ok "$@"

# carries an edit of a step through all later ones
[group('authors')]
[no-exit-message]
propagate *N:
    @exec node scripts/run.mjs propagate "$@"

# writes the tables of steps into the READMEs
[group('authors')]
[no-exit-message]
tables *_:
    @exec node scripts/run.mjs tables "$@"

# builds the site of the book and serves it
[no-exit-message]
docs *COMMAND:
    @exec node scripts/run.mjs docs "$@"
