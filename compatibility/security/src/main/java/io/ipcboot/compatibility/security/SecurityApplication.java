package io.ipcboot.compatibility.security;

import java.security.Principal;

import jakarta.servlet.http.HttpSession;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with the form login of Spring Security.
 */
@SpringBootApplication
@RestController
public class SecurityApplication {

	public static void main(String[] args) {
		SpringApplication.run(SecurityApplication.class, args);
	}

	@GetMapping("/me")
	String me(Principal user) {
		return user.getName() + " " + ProcessHandle.current().pid();
	}

	@PostMapping("/notes")
	String add(@RequestParam String text, HttpSession session) {
		session.setAttribute("note", text);
		return "kept";
	}

	@GetMapping("/notes")
	Object note(HttpSession session) {
		return session.getAttribute("note");
	}

}
