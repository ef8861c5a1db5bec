#!/bin/sh
# A worker without a model. It answers every request with its process id, in one piece, except:
#   "hold"    begins, and goes on until it is cancelled
#   "die"     begins, and is killed in the middle
#   "vanish"  is killed before it begins
#   "refuse"  finds the conversation too long
echo '{"type":"loaded"}'
while read -r line; do
    id=${line#*'"id":'}
    id=${id%%[!0-9]*}
    started="{\"type\":\"started\",\"id\":$id,\"prompt_tokens\":10,\"cached_tokens\":4}"
    said="{\"type\":\"text\",\"id\":$id,\"delta\":\"$$\",\"output_tokens\":3}"
    case $line in
    *'"type":"cancel"'*) echo "{\"type\":\"done\",\"id\":$id,\"reason\":\"cancelled\",\"output_tokens\":3}" ;;
    *'"hold"'*) printf '%s\n' "$started" "$said" ;;
    *'"die"'*) printf '%s\n' "$started" "$said" && kill -9 $$ ;;
    *'"vanish"'*) kill -9 $$ ;;
    *'"refuse"'*) echo "{\"type\":\"error\",\"id\":$id,\"kind\":\"context_too_long\",\"detail\":\"9999 tokens\"}" ;;
    *) printf '%s\n' "$started" "$said" "{\"type\":\"done\",\"id\":$id,\"reason\":\"stop\",\"output_tokens\":4}" ;;
    esac
done
