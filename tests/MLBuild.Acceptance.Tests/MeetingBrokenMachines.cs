using System.Diagnostics;

namespace MLBuild.Acceptance.Tests;

/// <summary>Disks that are full, read-only or rotten, and a machine that lacks a library: said by name, and nothing is
/// lost.</summary>
public sealed class MeetingBrokenMachines
{
    [RootOnLinuxFact]
    public void FullStore()
    {
        using var project = new TaxiProject("2019-01", "2019-02");
        using var disk = new MountedDisk(project.PathOf("disk"), "size=700k");
        project.Environment["MLBUILD_STORE"] = project.PathOf("disk/store");
        var full = project.Run("Train");
        Assert.Equal(255, full.ExitCode);
        Assert.Matches("cannot be written: .*(No space left on device|the disk was full)", full.Failure[0]);

        disk.Remount("size=50m");
        var run = project.Run("Train").Succeeded();
        Assert.DoesNotContain("Ingest", string.Join(' ', run.Ran));
        Assert.Contains("Train", run.Ran);
        Assert.Equal(Undisturbed(), project.Artifacts());
    }

    [RootOnLinuxFact]
    public void ReadOnlyStore()
    {
        using var project = TaxiProject.Trained();
        using var disk = new MountedDisk(project.PathOf("disk"), "size=50m");
        project.Environment["MLBUILD_STORE"] = project.PathOf("disk/store");
        TaxiProject.CopyFolder(project.PathOf(".nuke/mlbuild"), project.PathOf("disk/store"));
        disk.Remount("ro");

        Assert.Empty(project.Run("Train").Succeeded().Ran);
        var run = project.Run("Train", "--leaves", "15");
        Assert.Equal(255, run.ExitCode);
        Assert.Matches(
            "^The store 'ROOT/disk/store[^']*' cannot be written: Read-only file system : '[^']+'\\. Nothing was " +
            "recorded and " +
            "what was stored before is intact\\. Free some space or permissions there, or set MLBUILD_STORE to " +
            "another folder, " +
            "and run the same command again\\.$",
            run.Failure[0]);
        Assert.Equal(Undisturbed(), project.Artifacts());
    }

    [RootOnLinuxFact]
    public void MachineWithoutLibgomp()
    {
        using var project = new TaxiProject("2019-01", "2019-02");
        const string hide =
            "for lib in $(ldconfig -p | sed -n 's/.*libgomp.*=> //p'); do mount --bind /dev/null \"$lib\"; done";
        var (exitCode, output, _) = BuildProgram.Run(project.StartInfo(
            "unshare", ["-m", "sh", "-c", hide +
                "; exec dotnet \"$0\" Train --root \"$1\"", BuildProgram.Dll, project.Root]));
        var run = new BuildResult(exitCode, output, project.Root);
        Assert.Equal(255, exitCode);
        Assert.Equal(
            "LightGBM needs libgomp, which this machine lacks. Install it: apt-get install libgomp1 (Debian, " +
            "Ubuntu), dnf install " +
            "libgomp (Fedora), apk add libgomp (Alpine); or train with --trainer FastTree.",
            run.Failure[0]);
        Assert.Equal(["Train"], project.Run("Train").Succeeded().Ran);
    }

    [Fact]
    public void RottenInputIsQuarantinedAndRebuilt()
    {
        using var project = TaxiProject.Trained();
        var stored = project.StoredPathOf("Features/train.features.parquet");
        FlipOneBit(stored);
        var hash = Path.GetFileName(stored);

        var run = project.Run("Train", "--learning-rate", "0.2").Succeeded();
        Assert.Matches(
            $"^Artifact {hash[..8]} is corrupt: its bytes hash to [0-9a-f]{{8}}\\. It was quarantined as " +
            $"'quarantine/{hash}-[0-9a-f]{{8}}'\\. Rebuilding Features, which wrote it\\.$",
            Assert.Single(run.Log, line => line.StartsWith("Artifact", StringComparison.Ordinal)));
        Assert.Equal(["Train"], run.Ran);
        Assert.True(File.Exists(stored));

        using var healthy = TaxiProject.Trained();
        healthy.Run("Train", "--learning-rate", "0.2").Succeeded();
        Assert.Equal(healthy.Artifacts(), project.Artifacts());
        Assert.Empty(project.Run("Train", "--learning-rate", "0.2").Succeeded().Ran);
    }

    [Fact]
    public void RottenOutputIsNeverServed()
    {
        using var project = TaxiProject.Trained();
        var before = project.Artifacts();
        FlipOneBit(project.StoredPathOf("Train/model.zip"));
        Directory.Delete(project.PathOf("artifacts/Train"), recursive: true);

        var run = project.Run("Train").Succeeded();
        Assert.Equal(["Train"], run.Ran);
        Assert.Contains("rebuilding because its output 'model.zip' is no longer in the store", run.Log);
        Assert.Equal(before, project.Artifacts());
    }

    private static SortedDictionary<string, string> Undisturbed()
    {
        using var project = TaxiProject.Trained();
        return project.Artifacts();
    }

    private static void FlipOneBit(string path)
    {
        File.SetAttributes(path, FileAttributes.Normal);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.SetAttributes(path, FileAttributes.ReadOnly);
    }

    /// <summary>A disk in memory.</summary>
    private sealed class MountedDisk : IDisposable
    {
        private readonly string _path;

        public MountedDisk(string path, string options)
        {
            _path = path;
            Directory.CreateDirectory(path);
            Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);
        }

        public void Remount(string options) => Run("mount", "-o", $"remount,{options}", _path);

        public void Dispose() => Run("umount", "-l", _path);

        private static void Run(string program, params string[] arguments)
        {
            var (exitCode, _, errors) = BuildProgram.Run(new ProcessStartInfo(program, arguments));
            Assert.True(exitCode == 0, errors);
        }
    }
}
