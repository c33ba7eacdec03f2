using System.IO.Compression;
using System.Text;
using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Exchange;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Exchange;

/// <summary>A version goes from one machine to another as one file, and nothing of it is taken on trust.</summary>
public sealed class ExchangingVersions : IAsyncLifetime
{
    private readonly PipelineSpace _here = new();
    private readonly PipelineSpace _there = new();
    private readonly SaleBuild _build;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-exchange-");

    public ExchangingVersions() => _build = new(_here);

    private string Package => PathOf("sales-1.mlbuild");

    public async Task InitializeAsync()
    {
        _here.Write("a.csv", Sales.Csv(2000, seed: 1));
        await _build.Done("Register");
        Export(1, Package);
    }

    public Task DisposeAsync()
    {
        _here.Dispose();
        _there.Dispose();
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public void ExportingTwiceGivesEqualBytes()
    {
        Assert.Matches($@"^sales version 1 is in '{PathOf("again.mlbuild")}': \d+ files, [\d.]+ [KM]B$",
            Export(1, PathOf("again.mlbuild")));
        Assert.Equal(File.ReadAllBytes(Package), File.ReadAllBytes(PathOf("again.mlbuild")));
    }

    [Fact]
    public void AnImportedVersionHasTheSameBytesAndSaysWhereItIsFrom()
    {
        var hash = _here.Registry.Find("sales", 1).ModelHash;
        Assert.Equal(
            $"sales version 1 is version 1 of where it was exported ({hash.Short}); deploy it with ./build.sh Deploy " +
            "--model-version 1",
            Import());

        var (here, there) = (_here.Registry.Find("sales", 1), _there.Registry.Find("sales", 1));
        Assert.Equal(here.ModelHash, there.ModelHash);
        Assert.Equal(
            [.. here.Evidence.Attachments, KeyValuePair.Create(
                ImportCommand.Origin, there.Evidence.Attachments[ImportCommand.Origin])],
            there.Evidence.Attachments);
        Assert.Equal(
            here.Evidence with { Attachments = there.Evidence.Attachments }, there.Evidence);
        Assert.Equal("bob", Assert.Single(_there.Registry.EvidenceHistory("sales", 1)).Who);
        Assert.All(
            _there.Registry.ReferencedArtifacts(),
            referenced => _there.Workspace.Artifacts.Verified(referenced));
        Assert.Contains(
            "\"who\": \"ann\"",
            _there.Workspace.Artifacts.ReadText(there.Evidence.Attachments[ImportCommand.Origin]));
    }

    [Fact]
    public void ImportingTwiceIsImportingOnce()
    {
        Import();
        _there.Lose(_here.Registry.Find("sales", 1).ModelHash);

        Assert.Equal("sales version 1 has these bytes and this evidence already; nothing changed", Import());
        Assert.Single(_there.Registry.EvidenceHistory("sales", 1));
        // What was lost meanwhile is there again.
        _there.Workspace.Artifacts.Verified(_here.Registry.Find("sales", 1).ModelHash);
    }

    [Fact]
    public void ImportingWhereItWasExportedChangesNothing()
    {
        Assert.Equal(
            "sales version 1 has these bytes and this evidence already; nothing changed", Import(_here, Package));
        Assert.Single(_here.Registry.EvidenceHistory("sales", 1));
    }

    [Fact]
    public async Task ANewJudgementOfTheSameBytesIsAppended()
    {
        Import();
        _build.Evaluate = _build.Evaluate with { MaxRmse = 29 };
        await _build.Done("Register");
        Export(1, Package);

        Assert.Equal(
            "sales version 1 has the evidence of where it was exported " +
            $"({_here.Registry.Find("sales", 1).ModelHash.Short})",
            Import());
        Assert.Equal(2, _there.Registry.EvidenceHistory("sales", 1).Count);
    }

    [Fact]
    public void AnImportedVersionIsDeployedAndHasItsLineage()
    {
        Import();

        Assert.Equal("'production' now serves sales version 1", Deploy(1));
        var (here, there) = (LineageOf(_here), LineageOf(_there));
        Assert.Equal(here.Skip(3), there.Skip(3));
        Assert.Contains(here, line => line.Contains("a.csv", StringComparison.Ordinal));

        IEnumerable<string> LineageOf(PipelineSpace space) =>
            LineageCommand.Run(space.Registry, space.Workspace.Artifacts, "sales", 1, file: null, Page.Endless);
    }

    [Fact]
    public async Task AnImportedVersionReplacesOnlyTheBytesThatItWasJudgedAgainst()
    {
        Import();
        Deploy(1);
        _build.Deploy(1);
        _build.Train = _build.Train with { Iterations = 40 };
        await _build.Done("Register");
        Export(2, PathOf("sales-2.mlbuild"));
        _build.Train = _build.Train with { Iterations = 50 };
        await _build.Done("Register");
        Export(3, PathOf("sales-3.mlbuild"));

        Import(_there, PathOf("sales-2.mlbuild"));
        Import(_there, PathOf("sales-3.mlbuild"));
        Assert.Equal("'production' now serves sales version 2 instead of version 1", Deploy(2));
        var (one, two) = (_there.Registry.Find("sales", 1), _there.Registry.Find("sales", 2));
        Assert.Equal(
            "sales version 3 was not deployed: it was imported, and judged against model " +
            $"{one.ModelHash.Short} where it came from, while 'production' serves version 2 " +
            $"({two.ModelHash.Short}). Train and judge it here with its data (./build.sh Register), or take " +
            "responsibility: --force-because \"...\".",
            Assert.Throws<UndeployableException>(() => Deploy(3)).Message);
        Assert.Equal("'production' now serves sales version 3 instead of version 2", Deploy(3, "looked at it"));
    }

    [Fact]
    public async Task AVersionJudgedAgainstNothingReplacesNothing()
    {
        var other = new SaleBuild(_there);
        _there.Write("b.csv", Sales.Csv(2000, seed: 9));
        await other.Done("Register");
        other.Deploy(1);
        Import();

        Assert.Contains(
            "it was imported, and judged against nothing where it came from, while 'production' serves version 1 (",
            Assert.Throws<UndeployableException>(() => Deploy(2)).Message);
    }

    [Fact]
    public async Task AFailedGateTravelsAlong()
    {
        _build.Train = _build.Train with { Iterations = 40 };
        _build.Evaluate = _build.Evaluate with { MaxRmse = 0.5 };
        await _build.Failure("Register");
        Export(2, PathOf("sales-2.mlbuild"));
        Import(_there, PathOf("sales-2.mlbuild"));

        Assert.Equal(
            RegistryFault.GateNotPassed, Assert.Throws<RegistryException>(() => Deploy(1)).Fault);
    }

    [Fact]
    public void AnyFlippedByteIsFound()
    {
        var bytes = File.ReadAllBytes(Package);
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            var at = random.Next(bytes.Length);
            bytes[at] ^= 0x10;
            File.WriteAllBytes(PathOf("damaged.mlbuild"), bytes);
            bytes[at] ^= 0x10;
            // Where the flip is in what a zip says of its entries but nobody reads, such as a date, it is imported
            // whole; it never is imported otherwise.
            try
            {
                Import(_there, PathOf("damaged.mlbuild"));
                Assert.Equal(_here.Registry.Find("sales", 1).ModelHash, _there.Registry.Find("sales", 1).ModelHash);
                Assert.All(
                    _there.Registry.ReferencedArtifacts(),
                    hash => _there.Workspace.Artifacts.Verified(hash));
            }
            catch (PackageException e)
            {
                Assert.Contains(PathOf("damaged.mlbuild"), e.Message);
            }
        }
    }

    [Fact]
    public void ADamagedFileIsNamedAndLeavesNothing()
    {
        var model = _here.Registry.Find("sales", 1).ModelHash;
        Rewrite((name, bytes) => name == $"files/{model}" ? [.. bytes[..^1], (byte)(bytes[^1] ^ 1)] : bytes);

        var message = Refused();
        Assert.Matches(
            $"^'{PathOf("edited.mlbuild")}' is damaged: 'files/{model}' hashes to [0-9a-f]{{8}}, expected " +
            $@"{model.Short}\. Nothing was imported\. Copy it again, or export it again\.$", message);
        Assert.Empty(_there.Registry.Versions("sales"));
        Assert.False(Directory.Exists(Path.Combine(_there.Workspace.StoreFolder, "cas")));
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        var model = _here.Registry.Find("sales", 1).ModelHash;
        Rewrite((name, bytes) => name == $"files/{model}" ? null : bytes);
        Assert.Contains($" is damaged: 'files/{model}' is missing. ", Refused());
    }

    [Fact]
    public void AFileThatNobodyListsIsRefused()
    {
        Rewrite((_, bytes) => bytes, add: "../../evil.sh");
        Assert.Contains(" is damaged: '../../evil.sh' is in it, and not in its SHA256SUMS. ", Refused());
    }

    [Fact]
    public void AGateThatItsEvaluationDoesNotHaveIsRefused()
    {
        EditManifest("\"Passed\"", "\"Failed\"");

        var model = _here.Registry.Find("sales", 1).ModelHash.Short;
        Assert.Equal(
            $"'{PathOf("edited.mlbuild")}' contradicts itself: it says gate Failed of model {model}, and its " +
            $"evaluation says Passed of model {model}. Nothing was imported. Export it again.",
            Refused());
    }

    [Fact]
    public void ANameThatIsThereTwiceIsRefused()
    {
        EditManifest("\"golden.json\"", "\"training.json\"");

        var message = Refused();
        Assert.StartsWith($"'{PathOf("edited.mlbuild")}' cannot be understood: ", message);
        Assert.Contains("training.json", message);
        Assert.EndsWith(". Nothing was imported. Export it again.", message);
        Assert.Empty(_there.Registry.Versions("sales"));
    }

    [Fact]
    public void AnotherFileIsNoPackage()
    {
        File.WriteAllText(PathOf("edited.mlbuild"), "model,version\n");
        Assert.Matches(
            $"^'{PathOf("edited.mlbuild")}' is not an exported version, or is damaged: .* Export it again, or copy " +
            @"it again\.$", Refused());

        using (var zip = ZipFile.Open(PathOf("other.zip"), ZipArchiveMode.Create))
            zip.CreateEntry("a.txt");
        File.Move(PathOf("other.zip"), PathOf("edited.mlbuild"), overwrite: true);
        Assert.Equal(
            $"'{PathOf("edited.mlbuild")}' is not an exported version: it has no SHA256SUMS and manifest.json. Make " +
            "one with ./build.sh Export --model-version N --file PATH.", Refused());

        File.Delete(PathOf("edited.mlbuild"));
        Assert.StartsWith($"'{PathOf("edited.mlbuild")}' cannot be read: ", Refused());
    }

    [Fact]
    public void AnotherModelsVersionIsRefused() => Assert.Equal(
        $"'{Package}' has a version of 'sales', expected one of 'rents'. Import it where that model is built.",
        Assert.Throws<PackageException>(() =>
            ImportCommand.Run(_there.Registry, _there.Workspace.Artifacts, "rents", Package, "bob")).Message);

    [Fact]
    public void AnArtifactIsExportedByItsNameAndNotBesideAVersion()
    {
        Assert.Matches($"^Train/model.zip \\([0-9a-f]{{8}}\\) is in '{PathOf("model.zip")}': [0-9.]+ KB$",
            Either(null, "Train/model.zip", "model.zip"));
        Assert.Equal(_here.Registry.Find("sales", 1).ModelHash, FileHasher.Hash(PathOf("model.zip")));
        Either(1, null, "same.mlbuild");
        Assert.Equal(File.ReadAllBytes(Package), File.ReadAllBytes(PathOf("same.mlbuild")));
        Assert.Equal("Export writes a version (--model-version 3) or an artifact (--artifact Train/model.zip), and " +
            "both are given. Give one of the two.",
            Assert.Throws<PipelineException>(() => Either(1, "Train/model.zip", "model.zip")).Message);
        Assert.Equal("Export writes a version (--model-version 3) or an artifact (--artifact Train/model.zip), and " +
            "neither is given. Give one of the two.",
            Assert.Throws<PipelineException>(() => Either(null, null, "model.zip")).Message);

        string Either(int? number, string? artifact, string file) => ExportCommand.Run(
            () => _here.Registry, _here.Workspace, "sales", number, artifact, PathOf(file));
    }

    [Fact]
    public void WhatIsNotInTheStoreIsNotExported()
    {
        var lost = _here.Registry.Find("sales", 1).Evidence.Attachments["golden.json"];
        _here.Lose(lost);
        Assert.Equal(
            $"sales version 1 was not exported: its 'golden.json' cannot be read. Artifact {lost.Short} is not in " +
            "the store. Export from the store in which it was registered, or build it again: ./build.sh Register.",
            Assert.Throws<PackageException>(() => Export(1, PathOf("new.mlbuild"))).Message);
        Assert.False(File.Exists(PathOf("new.mlbuild")));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string Export(int number, string file) =>
        ExportCommand.Run(_here.Registry, _here.Workspace.Artifacts, "sales", number, file);

    private string Import() => Import(_there, Package);

    private static string Import(PipelineSpace space, string file) =>
        ImportCommand.Run(space.Registry, space.Workspace.Artifacts, "sales", file, "bob");

    private string Refused() =>
        Assert.Throws<PackageException>(() => Import(_there, PathOf("edited.mlbuild"))).Message;

    private string Deploy(int version, string? reason = null) => DeployCommand.Run(
        _there.Registry, _there.Workspace.Artifacts, new("sales", version, "production", "bob", reason));

    // Its list is made to agree.
    private void EditManifest(string text, string with)
    {
        byte[] edited = [];
        Rewrite((name, bytes) => name == "manifest.json"
            ? edited = Encoding.UTF8.GetBytes(
                Encoding.UTF8.GetString(bytes).Replace(text, with, StringComparison.Ordinal))
            : bytes);
        Rewrite(
            (name, bytes) => name == "SHA256SUMS"
                ? Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(bytes).Split('\n')
                    .Select(line => line.EndsWith("  manifest.json", StringComparison.Ordinal)
                        ? $"{ContentHash.Of(edited)}  manifest.json" : line)))
                : bytes,
            from: PathOf("edited.mlbuild"));
    }

    // Writes edited.mlbuild; an entry for which there is null is left out.
    private void Rewrite(Func<string, byte[], byte[]?> edit, string? add = null, string? from = null)
    {
        var entries = new List<(string Name, byte[] Bytes)>();
        using (var zip = ZipFile.OpenRead(from ?? Package))
            foreach (var entry in zip.Entries)
            {
                using var bytes = new MemoryStream();
                using (var stream = entry.Open())
                    stream.CopyTo(bytes);
                if (edit(entry.FullName, bytes.ToArray()) is { } edited)
                    entries.Add((entry.FullName, edited));
            }
        if (add is not null)
            entries.Add((add, []));
        using var to = new ZipArchive(File.Create(PathOf("edited.mlbuild")), ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries)
        {
            using var stream = to.CreateEntry(name, CompressionLevel.NoCompression).Open();
            stream.Write(bytes);
        }
    }
}
