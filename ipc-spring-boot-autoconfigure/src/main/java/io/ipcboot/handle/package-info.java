/**
 * Finding, adopting, duplicating and closing operating-system descriptors.
 * <p>
 * Every descriptor has one owner, which closes it or passes it on. While a handle travels
 * with a message there are two descriptors of one open file, each with an owner:
 * <table>
 * <caption>Owners of a handle on its way</caption>
 * <tr>
 * <th>Step</th>
 * <th>Sending process</th>
 * <th>Receiving process</th>
 * </tr>
 * <tr>
 * <td>offered</td>
 * <td>{@link Handle#take} closes the offered object, {@link Handle#share} leaves it to
 * its owner. The new handle belongs to the caller, and with {@code send} or {@code call}
 * to the {@code Exchange}.</td>
 * <td></td>
 * </tr>
 * <tr>
 * <td>in the queue</td>
 * <td>The {@code Exchange}, which closes the handle if the message is cancelled, expires
 * or fails.</td>
 * <td></td>
 * </tr>
 * <tr>
 * <td>written</td>
 * <td>The {@code Exchange} keeps its handle, so that the message can go to another
 * process. {@link HandleSocket#write(byte[], int, int, Handle)} sends a duplicate and
 * closes it.</td>
 * <td>The kernel, which closes the descriptor if the receiver ends, or takes no
 * handles.</td>
 * </tr>
 * <tr>
 * <td>received</td>
 * <td>The {@code Exchange}.</td>
 * <td>{@code ReceivedDescriptors} until the message is read, then {@code FrameReader},
 * {@code Reception} and {@code Peer} in turn. Each closes the descriptor if it fails to
 * pass it on.</td>
 * </tr>
 * <tr>
 * <td>in the inbound queue</td>
 * <td>The {@code Exchange}.</td>
 * <td>{@code Inbound}, closed by the {@code Dispatcher} when the channel ends.</td>
 * </tr>
 * <tr>
 * <td>given to a listener</td>
 * <td>No owner: the {@code Exchange} closes its handle at the report that a listener has
 * started.</td>
 * <td>{@code IpcMessage}, closed after the listener has returned unless the listener has
 * adopted or taken it.</td>
 * </tr>
 * <tr>
 * <td>adopted</td>
 * <td>No owner.</td>
 * <td>The object that {@link Handle#as} returns, which belongs to the listener.</td>
 * </tr>
 * <tr>
 * <td>declined</td>
 * <td>The {@code Exchange}: the message is requeued, or fails and the handle is
 * closed.</td>
 * <td>No owner: {@code Answers} closes the descriptor before it reports that no listener
 * has started.</td>
 * </tr>
 * <tr>
 * <td>lost with the receiver</td>
 * <td>The {@code Exchange}, unless a listener has started: the message is requeued, or
 * fails and the handle is closed.</td>
 * <td>The kernel closes the descriptors of a process that ends.</td>
 * </tr>
 * </table>
 * A handle that is sent with {@code Peer.sendUrgent} stays the caller's in every step.
 */
@NullMarked
package io.ipcboot.handle;

import org.jspecify.annotations.NullMarked;
