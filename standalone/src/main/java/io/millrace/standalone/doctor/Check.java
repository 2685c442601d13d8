package io.millrace.standalone.doctor;

import java.util.List;

/** One thing to look at. It changes nothing, and blocks for as long as the cluster's patience at most. */
interface Check {
    /** What it looks at, in a word or two. */
    String name();

    List<Finding> look(Cluster cluster) throws InterruptedException;
}
