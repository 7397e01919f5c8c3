# Sourced by ./anneal and ./verify, which set `program` to their name.
# find_jdk exports JAVA_HOME, a JDK of 25 or newer; find_maven makes sure of mvn.
# Where there is none, the script ends with one line and exit code 2.
#
# Looked at in this order: JAVA_HOME, the `java` on the PATH, the newest of the usual places.
# ANNEAL_JDKS, a list of folders separated by colons, replaces the usual places.

oldest_jdk=25

refuse() {
  printf '%s: %s\n' "$program" "$1" >&2
  exit 2
}

# Reads the version of the JDK in folder $1, such as 25.0.3, from its `release` file: starting a
# JVM only to ask would double the start-up time.
read_version() {
  version=
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r key value; do
    if [ "$key" = JAVA_VERSION ]; then
      version=${value#\"}
      version=${version%%\"*}
    fi
  done < "$1/release"
  [ -n "$version" ]
}

# Makes folder $1 the JDK if it is newer than the one so far; notes it as found if it is too old.
consider() {
  read_version "$1" || return 0
  major=${version%%[!0-9]*}
  if [ "${major:-0}" -lt "$oldest_jdk" ]; then
    case ", $found" in
      *", $version ("*) ;;
      *) found="$found${found:+, }$version ($1)" ;;
    esac
  elif [ "$major" -gt "$jdk_major" ]; then
    jdk=$1 jdk_major=$major
  fi
}

consider_path() {
  java=$(command -v java) && java=$(readlink -f "$java") || return 0
  if [ -r "${java%/bin/java}/release" ]; then
    consider "${java%/bin/java}"
  else # A wrapper, such as macOS's: only it knows where it leads.
    consider "$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')"
  fi
}

consider_usual_places() {
  if [ -n "${ANNEAL_JDKS-}" ]; then
    rest=$ANNEAL_JDKS:
    while [ -n "$rest" ]; do
      consider "${rest%%:*}"
      rest=${rest#*:}
    done
    return
  fi
  for place in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "${HOME-}"/.jdks/* \
    "${HOME-}"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    consider "$place"
  done
}

find_jdk() {
  jdk='' jdk_major=0 found=''
  if [ -n "${JAVA_HOME-}" ]; then consider "$JAVA_HOME"; fi
  if [ -z "$jdk" ]; then consider_path; fi
  if [ -z "$jdk" ]; then consider_usual_places; fi
  if [ -z "$jdk" ]; then
    refuse "needs a JDK $oldest_jdk or newer, found ${found:-none}; install Eclipse Temurin\
 $oldest_jdk or your system's openjdk-$oldest_jdk-jdk, or set JAVA_HOME"
  fi
  JAVA_HOME=$jdk
  export JAVA_HOME
}

find_maven() {
  command -v mvn > /dev/null ||
    refuse "needs Maven 3.6.3 or newer to build, found no mvn on the PATH; install your system's maven"
  # Maven says warnings and errors only; its own libraries would make a JDK 25 warn.
  MAVEN_OPTS="-Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Djansi.noreset=true\
 --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS-}"
  export MAVEN_OPTS
}
