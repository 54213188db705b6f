/// The `porthole` command: starts jobs on this host, tells what the runtime sees, measures it.
module org.porthole.cli {
    requires jdk.management;
    requires org.porthole.core;
}
