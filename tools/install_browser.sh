#!/bin/sh
# Installs a Chromium: Debian's own where we may, else Playwright's, whose command is the argument. (Ubuntu's is a snap.)
playwright=$1
case "$(id -u) $(sed -n 's/^ID=//p' "${OS_RELEASE:-/etc/os-release}" 2>/dev/null)" in
"0 debian")
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium fonts-dejavu-core ;;
"0 ubuntu")
    "$playwright" install --with-deps chromium ;;
*)
    "$playwright" install chromium ;;
esac && exit
echo "The tests of our pages need a browser, and none could be installed: install Chromium or Google Chrome." >&2
exit 1
