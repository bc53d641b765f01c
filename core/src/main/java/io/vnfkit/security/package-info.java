/** Rights of a VNF: user, capabilities, no_new_privs, resource limits. */
package io.vnfkit.security;
