package io.ipcboot.demo;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcListener;
import org.springframework.web.bind.annotation.*;

@RestController
class Echo {
	private final ChildProcessTemplate template;
	Echo(ChildProcessTemplate template) { this.template = template; }
	@GetMapping("/echo") String echo(@RequestParam String q) { return this.template.call("echo", q, String.class); }
	@GetMapping("/exit") String exit(@RequestParam int q) { return this.template.call("exit", q, String.class); }
	@IpcListener("echo") String answer(String q) { return q + " from " + ProcessHandle.current().pid(); }
	@IpcListener("exit") String exit2(int q) { System.exit(q); return ""; }
}
