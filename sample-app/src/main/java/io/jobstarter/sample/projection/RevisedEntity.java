package io.jobstarter.sample.projection;

import io.jobstarter.sample.persistence.AssignedIdEntity;
import jakarta.persistence.Embedded;
import jakarta.persistence.MappedSuperclass;
import org.jspecify.annotations.Nullable;

/**
 * A row that holds the newest state that we were told of.
 *
 * @param <I> the type of its id
 */
@MappedSuperclass
abstract class RevisedEntity<I> extends AssignedIdEntity<I> {

	@Embedded
	private @Nullable Revision revision;

	/**
	 * Takes a revision over, if it is newer than what is known.
	 * @param candidate the revision of a delivery
	 * @return whether it was; if not, the row must stay as it is
	 */
	boolean advanceTo(Revision candidate) {
		if (this.revision != null && !candidate.isNewerThan(this.revision)) {
			return false;
		}
		this.revision = candidate;
		return true;
	}

}
