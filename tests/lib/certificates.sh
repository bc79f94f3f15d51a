# An authority and certificates for tests, by the openssl program; valid for two days. Sourced.

authority() # FILE: FILE.pem and FILE.key
{
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=${1##*/}" \
        -keyout "$1.key" -out "$1.pem" 2>"$1.log" || { cat "$1.log" >&2 && return 1; }
}

certificate() # AUTHORITY FILE SUBJECT NAMES: FILE.pem and FILE.key, for the names (DNS:x,IP:y)
{
    printf 'subjectAltName=%s\n' "$4" >"$2.ext"
    {
        openssl req -newkey rsa:2048 -nodes -subj "$3" -keyout "$2.key" -out "$2.csr" &&
            openssl x509 -req -in "$2.csr" -CA "$1.pem" -CAkey "$1.key" -days 2 \
                -set_serial "0x$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')" \
                -extfile "$2.ext" -out "$2.pem"
    } >"$2.log" 2>&1 || { cat "$2.log" >&2 && return 1; }
    chmod 600 "$2.key"
}
