/**
 * The application's own HTTP port served by workers: listeners that several processes
 * accept on, connections that are handed over, and the adapters for Tomcat, Jetty and
 * Reactor Netty.
 */
@NullMarked
package io.ipcboot.server;

import org.jspecify.annotations.NullMarked;
