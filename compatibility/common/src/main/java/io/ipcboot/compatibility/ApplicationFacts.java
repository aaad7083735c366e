package io.ipcboot.compatibility;

import java.util.List;

/**
 * What the processes of an application say about themselves.
 *
 * @param parent the parent
 * @param workers the workers of the default pool that are ready
 * @param exits how many workers have ended
 */
public record ApplicationFacts(ProcessFacts parent, List<ProcessFacts> workers, int exits) {

}
