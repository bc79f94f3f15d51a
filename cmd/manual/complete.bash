# CHOICES: fills COMPREPLY; @file and @folder are those of the disk.
_hindcast_reply()
{
    case $1 in
    @file) compopt -o filenames 2>/dev/null || true; mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
    @folder) compopt -o filenames 2>/dev/null || true; mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2") ;;
    esac
}

_hindcast()
{
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= verbs= i value
    COMPREPLY=()
    # bash makes a word of the = in --option=value
    if [[ $current == = ]]; then
        current=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -*) [[ -z $(_hindcast_value '' "${COMP_WORDS[i]}") ]] || ((i++)) ;;
        =) ((i++)) ;;
        *) command=${COMP_WORDS[i]}; break ;;
        esac
    done
    if ((i + 1 == COMP_CWORD)); then
        verbs=$(_hindcast_verbs "$command")
    elif ((i + 1 < COMP_CWORD)) && [[ " $(_hindcast_verbs "$command") " == *" ${COMP_WORDS[i+1]} "* ]]; then
        command+=-${COMP_WORDS[i+1]}
    fi
    value=$(_hindcast_value "$command" "$before")
    if [[ $before == -* && -n $value ]]; then
        [[ $value == @free ]] || _hindcast_reply "$value" "$current"
    elif [[ $current == -* ]]; then
        _hindcast_reply "$(_hindcast_options "$command")" "$current"
    elif [[ -z $command ]]; then
        _hindcast_reply "$_hindcast_commands" "$current"
    else
        value=$(_hindcast_operand "$command")
        [[ -z $verbs || $value == @* ]] || value+=" $verbs"
        [[ -z $value ]] || _hindcast_reply "$value" "$current"
    fi
}

complete -F _hindcast hindcast
