package io.jobstarter.sample.projection;

import java.util.Optional;

import jakarta.persistence.LockModeType;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;

interface GithubStars extends JpaRepository<GithubStar, GithubStar.Key> {

	@Lock(LockModeType.PESSIMISTIC_WRITE)
	Optional<GithubStar> findWithLockById(GithubStar.Key id);

}
