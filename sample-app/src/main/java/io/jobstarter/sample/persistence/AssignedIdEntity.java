package io.jobstarter.sample.persistence;

import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Transient;

import org.springframework.data.domain.Persistable;

/**
 * An entity whose id comes from GitHub. Without this, Spring Data would take an entity
 * with an id for a stored one, and merge it instead of inserting it.
 *
 * @param <I> the type of the id
 */
@MappedSuperclass
public abstract class AssignedIdEntity<I> implements Persistable<I> {

	@Transient
	private boolean stored;

	@Override
	public boolean isNew() {
		return !this.stored;
	}

	@PostLoad
	@PostPersist
	void markStored() {
		this.stored = true;
	}

}
