package io.ipcboot.demo.web;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A page that shows which process has answered.
 */
@RestController
@ConditionalOnIpcRole(IpcRole.WORKER)
class WorkerPage {

	private static final String PAGE = """
			<!doctype html>
			<title>Served by a worker</title>
			<h1>%s</h1>
			<p>This page was served by a worker, on the application's own port.
			<input type="file" accept="image/*" onchange="thumbnail(this.files[0])">
			<p id="answer"></p><img id="thumbnail" alt="">
			<script>
			async function thumbnail(photo) {
				const response = await fetch('/thumbnails',
						{ method: 'POST', headers: { 'Content-Type': photo.type }, body: photo });
				document.getElementById('answer').textContent = 'Answered by ' + response.headers.get('Worker-Pid');
				document.getElementById('thumbnail').src = URL.createObjectURL(await response.blob());
			}
			</script>
			""";

	private final ParentProcess parent;

	WorkerPage(ParentProcess parent) {
		this.parent = parent;
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
	String page() {
		return PAGE.formatted(this.parent.self());
	}

}
