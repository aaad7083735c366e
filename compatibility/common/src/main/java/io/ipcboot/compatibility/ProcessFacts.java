package io.ipcboot.compatibility;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a process of the application says about itself.
 *
 * @param pid its process id
 * @param ready whether it accepts traffic
 * @param port the port of its web server
 * @param ports all ports on which it listens
 * @param running names of its beans with a lifecycle that run
 */
public record ProcessFacts(long pid, boolean ready, @Nullable Integer port, List<Integer> ports, Set<String> running) {

}
