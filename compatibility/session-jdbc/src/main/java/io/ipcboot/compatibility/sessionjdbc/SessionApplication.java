package io.ipcboot.compatibility.sessionjdbc;

import jakarta.servlet.http.HttpSession;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that keeps sessions in a database.
 */
@SpringBootApplication
@RestController
public class SessionApplication {

	public static void main(String[] args) {
		SpringApplication.run(SessionApplication.class, args);
	}

	@GetMapping("/count")
	String count(HttpSession session) {
		int count = (session.getAttribute("count") instanceof Integer before) ? before + 1 : 1;
		session.setAttribute("count", count);
		return ProcessHandle.current().pid() + " " + count;
	}

}
