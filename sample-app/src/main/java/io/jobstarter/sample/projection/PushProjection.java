package io.jobstarter.sample.projection;

import io.jobstarter.sample.github.GithubEvent;

import org.springframework.stereotype.Component;

@Component
class PushProjection {

	private final GithubPushes pushes;

	PushProjection(GithubPushes pushes) {
		this.pushes = pushes;
	}

	void project(GithubEvent event) {
		if (!this.pushes.existsById(event.deliveryId())) {
			this.pushes.saveAndFlush(new GithubPush(event));
		}
	}

}
