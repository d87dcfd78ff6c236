# Every command of this repository. Without just: npx -y rust-just COMMAND, or npm run COMMAND.

set positional-arguments

# every command, with a line of help
[default]
list:
    @just --justfile "{{justfile()}}" --list --unsorted --list-heading $'A server, built in front of you. Begin with: just example 1\n\n'

