package io.ipcboot.compatibility.datajpa;

import org.springframework.data.repository.ListCrudRepository;

interface Customers extends ListCrudRepository<Customer, Long> {

}
