package io.ipcboot.compatibility.tracing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Where all processes report their spans: a file in the working directory that they have
 * in common.
 */
@Component
class SpanFile extends SpanHandler {

	static final String NAME = "spans.json";

	@Override
	public synchronized boolean end(TraceContext context, MutableSpan span, Cause cause) {
		List<String> events = span.annotations().stream().map(Map.Entry::getValue).toList();
		FinishedSpan finished = new FinishedSpan(ProcessHandle.current().pid(), span.traceId(), span.id(),
				span.parentId(), String.valueOf(span.name()), (span.kind() != null) ? span.kind().name() : null,
				new TreeMap<>(span.tags()), events);
		try {
			// one write, so that the lines of two processes do not mix
			Files.writeString(Path.of(NAME), JsonMapper.shared().writeValueAsString(finished) + "\n",
					StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return true;
	}

}
