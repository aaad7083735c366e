/**
 * The application's own HTTP port, served by workers.
 * <p>
 * The parts of the shared port: {@link io.ipcboot.server.ParentSockets} binds the server
 * sockets in the parent, each a {@code BoundSocket}.
 * {@link io.ipcboot.server.PortSharing} answers workers that ask where a socket listens,
 * and gives every ready worker a descriptor, depending on
 * {@link io.ipcboot.server.Scheduling}: with {@code SHARED}, a copy of the server socket,
 * on which the worker accepts through an {@code AcceptingSource}; otherwise, one end of a
 * socket pair, over which the parent's {@code ConnectionDispatcher} sends accepted
 * connections through a {@code WorkerLink} and the worker receives them through a
 * {@code HandedOverSource}. {@link io.ipcboot.server.WorkerSockets} is the worker's
 * counterpart. In both processes a web server's connector has a
 * {@link io.ipcboot.server.SharedAcceptor}, which yields connections from whichever
 * source it was given: {@code SharedNioEndpoint} for Tomcat,
 * {@link io.ipcboot.server.SharedServerConnector} for Jetty and
 * {@code SharedServerChannel} for Reactor Netty. {@code JoinedWorkers} tells a
 * {@link io.ipcboot.server.PortObserver} which workers accept connections.
 * {@link io.ipcboot.server.ServerDeparture} lets a process leave the port without a
 * failed request.
 */
@NullMarked
package io.ipcboot.server;

import org.jspecify.annotations.NullMarked;
