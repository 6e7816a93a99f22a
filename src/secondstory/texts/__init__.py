"""Every long text: autosave with version, snapshots, a hook for sealing."""
