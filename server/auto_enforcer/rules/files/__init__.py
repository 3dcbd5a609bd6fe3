"""What harms where programs are built and run: images, workflows, containers, networks, install scripts."""
