package io.ipcboot.compatibility.tracing;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A span as a process reported it.
 *
 * @param pid the process that reported it
 * @param traceId the trace
 * @param id the span
 * @param parentId the span that it is part of, or {@code null}
 * @param name its name, in lower case
 * @param kind its kind, or {@code null}
 * @param tags its tags
 * @param events its events, in order
 */
record FinishedSpan(long pid, String traceId, String id, @Nullable String parentId, String name, @Nullable String kind,
		Map<String, String> tags, List<String> events) {

}
