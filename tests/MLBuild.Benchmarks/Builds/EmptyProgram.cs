using MLBuild.Benchmarks.Measuring;

namespace MLBuild.Benchmarks.Builds;

/// <summary>The .NET program that does nothing: what no build program can be faster than.</summary>
internal static class EmptyProgram
{
    public static Contender Compile(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "return 0;\n");
        File.WriteAllText(Path.Combine(folder, "Empty.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <InvariantGlobalization>true</InvariantGlobalization>
                <OutputPath>out/</OutputPath>
                <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath>
              </PropertyGroup>
            </Project>
            """);
        var environment = Repository.Environment;
        new Command(folder, "dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet")
        {
            Environment = environment,
        }.Run();
        return new("an empty .NET program", new Command(folder, "dotnet", "out/Empty.dll").Run);
    }
}
