/** Does the parts of large jobs on Apache Spark. */
@NullMarked
package dev.anneal.spark;

import org.jspecify.annotations.NullMarked;
