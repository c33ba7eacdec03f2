namespace MLBuild.Packages.Tests;

/// <summary>What <c>dotnet new mlbuild</c> makes.</summary>
public sealed class StartingFromTheTemplate : IClassFixture<StartingFromTheTemplate.Installed>
{
    private readonly NewMachine _machine;

    public StartingFromTheTemplate(Installed installed) => _machine = installed.Machine;

    /// <summary>A machine with the template.</summary>
    public sealed class Installed : IDisposable
    {
        public NewMachine Machine { get; } = new();

        public Installed() => Machine.Run("", "dotnet new install mlbuild/packages/MLBuild.Templates.*.nupkg");

        public void Dispose() => Machine.Dispose();
    }

    [UnixFact]
    public void HasTheShapeOfThisRepository()
    {
        Make("Shape", "");
        Assert.Equal(
            [
                ".editorconfig", ".gitattributes", ".gitignore", ".nuke", "Directory.Build.props",
                "Directory.Packages.props", "README.md", "Shape.sln", "build", "build.cmd", "build.ps1", "build.sh",
                "data", "global.json", "src", "tests",
            ],
            Directory.GetFileSystemEntries(_machine.PathOf("Shape")).Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal));
        foreach (var launcher in (string[])["build.sh", "build.ps1", "build.cmd"])
            Assert.Equal(File.ReadAllText(Path.Combine(PackedFolder.Repository, launcher)),
                _machine.Read($"Shape/{launcher}"));
        Assert.Equal("yes\n", _machine.Run("Shape", "[ -x build.sh ] && echo yes"));
    }

    [UnixFact]
    public void OwnCodeOfARegressionHasAtMostSixtyLines()
    {
        Make("Short", "");
        var lines = ((string[])["src/Short/Row.cs", "src/Short/RowModel.cs", "build/Build.cs"])
            .Sum(file => File.ReadLines(_machine.PathOf($"Short/{file}")).Count());
        Assert.InRange(lines, 30, 60);
    }

    [UnixTheory]
    [InlineData("regression", "Label: row => row.Price,", "MaxRmse")]
    [InlineData("binary", "LearningTask.Binary(\"takes longer\", \"sold within 30 days\")", "MaxLogLoss")]
    [InlineData("multiclass", "LearningTask.Multiclass(\"poor\", \"good\", \"new\")", "MaxLogLoss")]
    public void EachTaskHasItsLabelAndItsDemands(string task, string label, string demand)
    {
        var name = $"Task{task}";
        Make(name, $"--task {task}");
        Assert.Contains(label, _machine.Read($"{name}/src/{name}/RowModel.cs"));
        Assert.Contains(demand, _machine.Read($"{name}/build/Build.cs"));
    }

    [UnixFact]
    public void TheDatasetNamesTheFileAndTheModel()
    {
        Make("Named", "--dataset 'City Flats'");
        Assert.True(File.Exists(_machine.PathOf("Named/data/city-flats.csv")));
        Assert.Contains("\"city-flats\", Features,", _machine.Read("Named/src/Named/RowModel.cs"));
    }

    [UnixFact]
    public void ANameThatIsNoIdentifierIsMadeOneInCode()
    {
        Make("house-prices", "");
        Assert.StartsWith("namespace house_prices;", _machine.Read("house-prices/src/house-prices/Row.cs"));
        Assert.Contains("using house_prices;", _machine.Read("house-prices/build/Build.cs"));
        Assert.Contains("src/house-prices/house-prices.csproj",
            _machine.Read("house-prices/build/_build.csproj"));
    }

    [UnixFact]
    public void NothingOfTheTemplateOrOfThisMachineIsLeft()
    {
        Make("Clean", "--task binary");
        foreach (var file in Directory.GetFiles(_machine.PathOf("Clean"), "*", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            foreach (var word in (string[])["Starter", "starter", "#if", "MLBUILD_VERSION", PackedFolder.Repository])
                Assert.False(text.Contains(word, StringComparison.Ordinal), $"{file} has '{word}'");
            Assert.DoesNotContain("tarter", Path.GetFileName(file));
        }
    }

    /// <summary>Packages that this repository uses too are of one version.</summary>
    [UnixFact]
    public void TakesTheVersionsOfThisRepository()
    {
        Make("Versions", "");
        var ours = File.ReadAllText(Path.Combine(PackedFolder.Repository, "Directory.Packages.props"));
        var lines = _machine.Read("Versions/Directory.Packages.props").Split('\n')
            .Where(line => line.Contains("<PackageVersion", StringComparison.Ordinal)).ToArray();
        Assert.All(lines.Where(line => !line.Contains("$(MLBuildVersion)", StringComparison.Ordinal)),
            line => Assert.Contains(line.Trim(), ours));
        Assert.Equal(3, lines.Count(line => !line.Contains("$(MLBuildVersion)", StringComparison.Ordinal)));
    }

    // The two that the guide's repository is not: its own data is a regression.
    [UnixTheory]
    [InlineData("binary")]
    public void AnotherTaskTrainsAndPassesItsGate(string task)
    {
        Make("Other", $"--task {task}");
        _machine.Run("", "dotnet nuget add source ~/mlbuild/packages --name mlbuild");
        Assert.Contains("its gate passed", _machine.Run("Other", "./build.sh Register"));
        Assert.Contains("has the smallest mean log-loss of 2 points",
            _machine.Run("Other", "./build.sh Sweep --sweep-points 2"));

        // Then what it is made of changes, as its team would change it.
        Assert.Contains("nothing to do: 5 stages up to date", _machine.Run("Other", "./build.sh Train"));
        Edit("src/Other/RowModel.cs", "public static FeatureSet<Row> Features",
            "private static double Size(Row row) => row.Area;\n\n    public static FeatureSet<Row> Features");
        Edit("src/Other/RowModel.cs", "\"area\", row => row.Area)", "\"area\", row => Size(row))");
        Assert.Equal(["Features"], NewMachine.Ran(_machine.Run("Other", "./build.sh Train")));
        Edit("src/Other/RowModel.cs", "=> row.Area;", "=> row.Area; // square metres");
        Edit("src/Other/Row.cs", "namespace Other;", "// What a file has.\nnamespace Other;");
        Assert.Contains("nothing to do: 5 stages up to date", _machine.Run("Other", "./build.sh Train"));
        Edit("src/Other/RowModel.cs", "=> row.Area; //", "=> row.Area / 10; //");
        Assert.Equal(["Features", "Train"], NewMachine.Ran(_machine.Run("Other", "./build.sh Train")));
        Edit("src/Other/RowModel.cs", "\"no area\", 0.01", "\"no area\", 0.02");
        Assert.Equal(["Validate"], NewMachine.Ran(_machine.Run("Other", "./build.sh Train")));

        void Edit(string file, string from, string to)
        {
            var text = _machine.Read($"Other/{file}");
            Assert.Contains(from, text);
            _machine.Write($"Other/{file}", text.Replace(from, to, StringComparison.Ordinal));
        }
    }

    private void Make(string name, string options) => _machine.Run("", $"dotnet new mlbuild --name {name} {options}");
}
