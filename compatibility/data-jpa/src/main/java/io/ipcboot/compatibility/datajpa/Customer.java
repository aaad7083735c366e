package io.ipcboot.compatibility.datajpa;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/**
 * A row that the application writes.
 */
@Entity
public class Customer {

	@Id
	@GeneratedValue
	private @Nullable Long id;

	private String name = "";

	protected Customer() {
	}

	Customer(String name) {
		this.name = name;
	}

	String name() {
		return this.name;
	}

}
