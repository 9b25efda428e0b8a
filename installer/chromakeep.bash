# Completion of chromakeep for bash; installed as share/bash-completion/completions/chromakeep.
# Commands and options come from the program's own help, so that they are never out of date.

_chromakeep() {
    local word=$2 previous=$3 command='' i
    local program=${COMP_WORDS[0]}
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; ++i)); do
        [[ ${COMP_WORDS[i]} == -* ]] || { command=${COMP_WORDS[i]}; break; }
    done

    if [[ -z $command ]]; then
        local commands
        commands=$("$program" --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
        mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$word"; compgen -d -- "$word")
        compopt -o filenames 2>/dev/null
        return
    fi

    local help
    help=$("$program" "$command" --help 2>/dev/null) || help=
    case $previous in
        --include)
            mapfile -t COMPREPLY < <(compgen -W "documents metadatas embeddings uris distances" -- "$word")
            return ;;
        --*-file|--output|--to)
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            compopt -o filenames 2>/dev/null
            return ;;
    esac
    # An option that takes a value is shown with it: "--limit N".
    if grep -qE -- "^  (-., )?$previous [A-Z]" <<<"$help"; then return; fi

    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '^  (-., )?--[a-z-]+' <<<"$help" | grep -oE -- '--[a-z-]+')" -- "$word")
        return
    fi

    # The words that are neither options nor their values: the first is the directory, the second the collection.
    local positionals=() skip=
    for ((i = i + 1; i < COMP_CWORD; ++i)); do
        if [[ -n $skip ]]; then skip=; continue; fi
        case ${COMP_WORDS[i]} in
            -*) grep -qE -- "^  (-., )?${COMP_WORDS[i]} [A-Z]" <<<"$help" && skip=1 ;;
            *) positionals+=("${COMP_WORDS[i]}") ;;
        esac
    done
    if ((${#positionals[@]} == 0)); then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        compopt -o filenames 2>/dev/null
    elif ((${#positionals[@]} == 1)) && grep -q '^  COLLECTION' <<<"$help"; then
        local names
        names=$("$program" info "${positionals[0]}" 2>/dev/null |
            sed -n '/^COLLECTION/,/^$/{/^COLLECTION/d;/^$/d;/…/d;s/  .*//;p}')
        mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word")
    fi
}

complete -F _chromakeep chromakeep
