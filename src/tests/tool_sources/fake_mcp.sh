#!/bin/sh
# An MCP server over standard input and output. Its tools do as they are named:
#   say    repeats the call
#   who    tells its process id and its secret
#   env    tells the names in its environment
#   hang   never answers; what comes after is answered
#   die    ends with words on standard error
#   leave  starts something that stays, and tells its process id
#   huge   answers in a line of two megabytes
# It begins with a line that is no message, asks back once, and notes cancellations in the file of its first argument.
echo "fake server ready"
while read -r line; do
    id=${line#*'"id":'}
    id=${id%%[!0-9]*}
    text() { printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"%s"}]}}\n' "$id" "$1"; }
    case $line in
    *'"initialize"'*)
        echo '{"jsonrpc":"2.0","id":"back-1","method":"ping"}'
        printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}}}}\n' "$id"
        ;;
    *'"tools/list"'*)
        tools=
        for name in say who env hang die leave huge; do
            tools="$tools,{\"name\":\"$name\",\"description\":\"Does $name.\",\"inputSchema\":{\"type\":\"object\"}}"
        done
        printf '{"jsonrpc":"2.0","id":%s,"result":{"tools":[%s]}}\n' "$id" "${tools#,}"
        ;;
    *'"notifications/cancelled"'*) echo "$line" >>"$1" ;;
    *'"tools/call"'*)
        case $line in
        *'"name":"who"'*) text "$$ ${FAKE_TOKEN:-none}" ;;
        *'"name":"env"'*) text "$(env | cut -d= -f1 | sort | tr '\n' ' ')" ;;
        *'"name":"hang"'*) ;;
        *'"name":"die"'*)
            echo "the disk is full, said ${FAKE_TOKEN:-nobody}" >&2
            exit 3
            ;;
        *'"name":"leave"'*)
            sleep 600 </dev/null >/dev/null 2>&1 &
            text "$!"
            ;;
        *'"name":"huge"'*)
            long=$(head -c 2000000 /dev/zero | tr '\0' x)
            text "$long"
            ;;
        *) text "said" ;;
        esac
        ;;
    esac
done
