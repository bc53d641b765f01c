/** Control groups: cpuset, hugetlb and devices on version 1, version 2 and any mixture of both. */
package io.vnfkit.cgroup;
