package io.ipcboot.compatibility.hateoas;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.hateoas.EntityModel;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.springframework.hateoas.server.mvc.WebMvcLinkBuilder.linkTo;
import static org.springframework.hateoas.server.mvc.WebMvcLinkBuilder.methodOn;

/**
 * An application whose answers have links.
 */
@SpringBootApplication
@RestController
public class HateoasApplication {

	public static void main(String[] args) {
		SpringApplication.run(HateoasApplication.class, args);
	}

	@GetMapping("/orders/{id}")
	EntityModel<Order> order(@PathVariable int id) {
		return EntityModel.of(new Order(id, ProcessHandle.current().pid()),
				linkTo(methodOn(HateoasApplication.class).order(id)).withSelfRel());
	}

	record Order(int id, long servedBy) {

	}

}
