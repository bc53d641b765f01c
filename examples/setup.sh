# SPDX-License-Identifier: Apache-2.0
# Steps that the scripts share: packages, a kernel for emulated machines, hugepages, control groups, build. Sourced by
# them, does nothing alone.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
pages=/sys/kernel/mm/hugepages/hugepages-2048kB
pool=$pages
reserved=0
mounted_cgroup=
# What emulated machines boot: downloaded once, never installed.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vnfkit-lab

say() {
    printf '%s\n' "== $*"
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

require_linux_and_root() {
    [ "$(uname -s)" = Linux ] || fail "$0: this needs Linux, not $(uname -s)"
    [ "$(id -u)" -eq 0 ] || fail "$0: this needs root: namespaces, control groups and hugepages are its to give.
Run: sudo $0
Without root, \"mvn verify\" in $project runs all tests that need none."
    # sudo resets PATH on some machines to one without the administrator's commands.
    export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
}

# The release of the JDK that builds, such as 17; 0 if there is none.
build_jdk() {
    jdk_release "${JAVA_HOME:+$JAVA_HOME/bin/}javac"
}

# jdk_release JAVAC
jdk_release() {
    local release
    release=$("$1" -version 2>/dev/null | sed 's/[^0-9]*\([0-9]*\).*/\1/' || true)
    echo "${release:-0}"
}

# The home of the newest JDK that is installed, if it is newer than the one that builds; nothing otherwise. Homes are
# where distributions put them, and what variables such as JAVA_HOME_25 or JAVA_HOME_25_X64 say.
newer_jdk() {
    local home release newest
    newest=$(build_jdk)
    { ls -d /usr/lib/jvm/* 2>/dev/null || true; env | sed -n 's/^JAVA_HOME_[0-9A-Za-z_]*=//p'; } | while read -r home; do
        release=$(jdk_release "$home/bin/javac")
        if [ "$release" -gt "$newest" ]; then
            newest=$release
            echo "$home"
        fi
    done | tail -n 1
}

# Packages of a build: a JDK of 17 or newer that is there already is good enough.
build_packages() {
    [ "$(build_jdk)" -ge 17 ] || echo default-jdk-headless
    command -v mvn >/dev/null || echo maven
    case $(uname -m) in
        x86_64) echo gcc gcc-aarch64-linux-gnu ;;
        aarch64) echo gcc gcc-x86-64-linux-gnu ;;
        *) fail "$0: vnfkit runs on x86_64 and aarch64, not on $(uname -m)" ;;
    esac
    echo make libc6-dev
}

# Packages that build and run test programs of the other architecture: a static C library and an emulator.
cross_test_packages() {
    case $(uname -m) in
        x86_64) echo libc6-dev-arm64-cross ;;
        aarch64) echo libc6-dev-amd64-cross ;;
    esac
    echo qemu-user-static
}

install_packages() {
    local package missing=()
    say "packages: $*"
    for package in "$@"; do
        dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed \
            || missing+=("$package")
    done
    if [ "${#missing[@]}" -eq 0 ]; then
        echo "all are installed"
        return
    fi
    command -v apt-get >/dev/null || fail "missing: ${missing[*]}; this script installs packages with apt-get only"
    echo "installing with apt-get, and what they depend on: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update </dev/null
    apt-get -qq -y --no-install-recommends install "${missing[@]}" </dev/null
}

# linux-image-amd64 is empty and depends on the package of the newest release.
kernel_package() {
    apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\).*/\1/p' | head -1
}

# The kernel of the distribution, unpacked and never installed. Does not rely on "set -e", which callers may suspend.
fetch_kernel() {
    release=$(ls "$cache/kernel/lib/modules" 2>/dev/null || true)
    if [ -n "$release" ]; then
        say "kernel $release: in $cache"
        return
    fi
    say "kernel: downloading the package that linux-image-amd64 stands for, about 70 MB, to $cache"
    rm -rf "$cache/unpacked"
    mkdir -p "$cache"
    # A list of packages that is missing or old is a reason to fail once.
    unpack_kernel || { apt-get -qq update </dev/null && unpack_kernel; } || return 1
    release=$(ls "$cache/unpacked/lib/modules")
    # Complete from here on, so an interrupted download is never taken for a kernel.
    depmod --basedir "$cache/unpacked" "$release" && mv "$cache/unpacked" "$cache/kernel"
}

unpack_kernel() {
    local package
    package=$(kernel_package)
    if [ -z "$package" ]; then
        echo "apt knows no package linux-image-amd64; emulated machines take their kernel from there" >&2
        return 1
    fi
    # apt drops its rights for a download, which it cannot do in a directory of root's alone.
    (cd "$cache" && apt-get -qq -o APT::Sandbox::User=root download "$package" \
        && dpkg -x "$package"_*.deb unpacked && rm -f "$package"_*.deb)
}

# The first node with memory: a VNF takes its pages from one node, and the kernel spreads a global request over all.
choose_pool() {
    local node
    node=$(sed 's/[^0-9].*//' /sys/devices/system/node/has_memory 2>/dev/null || true)
    local directory=/sys/devices/system/node/node${node:-0}/hugepages/hugepages-2048kB
    [ ! -d "$directory" ] || pool=$directory
}

# reserve_hugepages COUNT: so many pages of 2 MiB shall be free. Never lowers what is there.
reserve_hugepages() {
    local wanted=$1 total free after
    [ -d "$pages" ] || fail "this kernel has no hugepages of 2 MiB ($pages is missing)"
    choose_pool
    total=$(cat "$pool/nr_hugepages")
    free=$(cat "$pool/free_hugepages")
    say "hugepages of 2 MiB: $wanted wanted, $free free of $total ($pool)"
    if [ "$free" -ge "$wanted" ]; then
        echo "enough are free"
        return
    fi
    trap give_back EXIT
    # Fragmented memory gives fewer pages than asked for, until it has been compacted.
    echo $((total + wanted - free)) >"$pool/nr_hugepages"
    if [ "$(cat "$pool/nr_hugepages")" -lt $((total + wanted - free)) ]; then
        echo 1 >/proc/sys/vm/compact_memory || true
        echo $((total + wanted - free)) >"$pool/nr_hugepages"
    fi
    after=$(cat "$pool/nr_hugepages")
    reserved=$((after - total))
    echo "reserved $reserved more until the end of this script"
    [ "$(cat "$pool/free_hugepages")" -ge "$wanted" ] \
        || fail "the kernel gave $reserved of $((wanted - free)) pages; free some memory, or reserve them at boot: hugepages=$wanted"
}

# A machine without any control groups gets version 2 until the end of the script; nothing is changed anywhere else.
require_cgroups() {
    if grep -Eq ' - cgroup2? ' /proc/self/mountinfo; then
        return
    fi
    say "control groups: none are mounted"
    trap give_back EXIT
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    mounted_cgroup=/sys/fs/cgroup
    echo "mounted version 2 on /sys/fs/cgroup until the end of this script"
}

give_back() {
    local status=$?
    if [ "$reserved" -gt 0 ]; then
        # Relative to what is there now: somebody else may have asked for more meanwhile.
        echo $(($(cat "$pool/nr_hugepages") - reserved)) >"$pool/nr_hugepages" || true
        echo "gave back the $reserved hugepages that this script had reserved"
    fi
    if [ -n "$mounted_cgroup" ]; then
        umount "$mounted_cgroup" && echo "unmounted $mounted_cgroup" || true
    fi
    exit "$status"
}

# Maven without stdin, and without the bar of each download in a log file.
run_maven() {
    local quiet=()
    [ -t 1 ] || quiet=(--no-transfer-progress)
    (cd "$project" && mvn --batch-mode "${quiet[@]}" "$@" </dev/null)
}

# Maven takes its seconds even when nothing has changed, so look first.
build_examples() {
    local changed class_path=$project/examples/target/class-path
    changed=$(cd "$project" && [ -f "$class_path" ] \
        && find . -newer "$class_path" \( -path '*/src/main/*' -o -name pom.xml \) -type f -print -quit || echo first)
    if [ -z "$changed" ]; then
        say "build: up to date"
        return
    fi
    say "build: mvn package, without tests (the first time it also downloads what the build depends on)"
    run_maven package -DskipTests \
        | grep -E --line-buffered '^\[INFO\] (Building vnfkit|BUILD|Total time)|^\[ERROR\]'
    # The plugin that writes it leaves it alone when it would say the same.
    touch "$class_path"
}

# Sets the array jvm: how a command begins that runs a program of the examples, after build_examples.
choose_jvm() {
    jvm=("${JAVA_HOME:+$JAVA_HOME/bin/}java" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn)
    # Older releases do not know the flag, and newer ones warn or refuse without it.
    if "${jvm[0]}" --help | grep -q -- --enable-native-access; then
        jvm+=(--enable-native-access=ALL-UNNAMED)
    fi
    jvm+=(-cp "$project/examples/target/classes:$(cat "$project/examples/target/class-path")")
}

# run_example CLASS, a program of the examples, after build_examples
run_example() {
    local jvm
    choose_jvm
    "${jvm[@]}" "io.vnfkit.examples.$1" </dev/null
}

build_tests() {
    say "build: test classes, without running tests"
    run_maven --quiet test-compile org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
        -Dmdep.includeScope=test -Dmdep.outputFile=target/lab-class-path
}

# After build_tests: the test classes of all modules and what they need, for a JVM without Maven.
test_class_path() {
    local classes module
    classes=$project/examples/target/test-classes:$project/examples/target/classes
    classes+=:$(cat "$project/examples/target/lab-class-path")
    for module in sysfs-mask hugetlb ivshmem; do
        classes+=:$project/$module/target/test-classes
    done
    echo "$classes"
}

java_program() {
    readlink -f "$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java")"
}
