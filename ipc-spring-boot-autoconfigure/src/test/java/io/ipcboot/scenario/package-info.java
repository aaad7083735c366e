/**
 * What must hold when things go wrong: each test is named after the scenario that it
 * plays, and after each the same {@link io.ipcboot.scenario.Invariants} are checked.
 * <p>
 * Not played here, and why:
 * <ul>
 * <li>S11 to S13 with hand-made bytes: {@code io.ipcboot.channel.ProtocolErrorTests} and
 * {@code RandomInputTests}; here only what a pool makes of them.
 * <li>S26 and S27: {@code io.ipcboot.handle.SharedListenerTests} and
 * {@code ConnectionReleaseTests}; they are about one descriptor, not about a pool.
 * <li>S34: needs the clock to be set, so a privileged machine. That no code of the
 * library looks at it is a rule of {@code io.ipcboot.ArchitectureTests}.
 * <li>S36, S38 and S40 as far as they are about HTTP: {@code io.ipcboot.server.http}.
 * <li>S46: a soak takes hours.
 * </ul>
 */
@NullMarked
package io.ipcboot.scenario;

import org.jspecify.annotations.NullMarked;
